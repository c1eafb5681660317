using System.Text.Json;

namespace Serilog.Sinks.S3Journal.Tests.Support;

internal static class Json
{
    /// <summary>The same content: same order, names as often as they stand, numbers by their digits.</summary>
    public static void AssertSame(JsonElement expected, JsonElement actual)
    {
        Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                JsonProperty[] left = [.. expected.EnumerateObject()];
                JsonProperty[] right = [.. actual.EnumerateObject()];
                Assert.Equal(left.Select(p => p.Name), right.Select(p => p.Name));
                for (int i = 0; i < left.Length; i++)
                {
                    AssertSame(left[i].Value, right[i].Value);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                for (int i = 0; i < expected.GetArrayLength(); i++)
                {
                    AssertSame(expected[i], actual[i]);
                }

                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), actual.GetString());
                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.GetRawText());
                break;
        }
    }
}
