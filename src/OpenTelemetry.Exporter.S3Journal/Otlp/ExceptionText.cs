using System.Globalization;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>The texts of an exception, each null when it throws.</summary>
internal static class ExceptionText
{
    public static string? Type(Exception exception) => exception.GetType().Name;

    public static string? Message(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception inner) when (inner is not ThreadInterruptedException)
        {
            return null;
        }
    }

    /// <summary>Its <c>ToString</c>, in the invariant culture, as the OTLP exporter has it.</summary>
    public static string? Whole(Exception exception)
    {
        CultureInfo culture = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            return exception.ToString() ?? "";
        }
        catch (Exception inner) when (inner is not ThreadInterruptedException)
        {
            return null;
        }
        finally
        {
            CultureInfo.CurrentUICulture = culture;
        }
    }
}
