using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.S3Journal;
using OpenTelemetry.Exporter;
using Serilog.Sinks.S3Journal;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Docs;

/// <summary>docs/configuration.md, written from the options' own documentation.</summary>
internal sealed partial class ConfigurationPage
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<Assembly, XDocument> _docs = [];
    private readonly SortedDictionary<string, Type> _enums = new(StringComparer.Ordinal);

    public static string Write()
    {
        ConfigurationPage page = new();
        page._text.Append(
            """
            # Configuration

            Every option, written from the documentation in the code: change it there, then run the tests of this page with `S3JOURNAL_TESTS_REWRITE_DOCS=1`.

            In a configuration file an option's name is the key, in any letter case; what stands in `S3` and `Streams` is nested. Times are written `"00:00:00.200"`, sizes are numbers
            of bytes, and what is not set has the default. All mistakes are told at once, when the journal is opened.


            """);
        page.Section("The journal", "For every front end, and for `Journal.Open`.", new JournalOptions());
        page.Section("`S3`: how an `s3://` destination is reached", "", new S3Options());
        page.Section("`Streams`: options of streams by their names", "An array; of the rules that match a stream's name the first counts. `Journal.OpenStream` takes the same options but `Match`.", new StreamRule());
        page.Section("Serilog", "Beside the journal's: `WriteTo.S3Journal`, `AuditTo.S3Journal`; in a file below `Args`.", new S3JournalSinkOptions());
        page.Section("Microsoft.Extensions.Logging", "Beside the journal's: `AddS3Journal`; in a file below `Logging:S3Journal`.", new S3JournalLoggerOptions());
        page.Section("Health check", "`AddHealthChecks().AddS3Journal()`.", new S3JournalHealthCheckOptions());
        page.Section("OpenTelemetry", "Beside the journal's: `AddS3JournalExporter`; in a file below `OpenTelemetry:S3Journal`.", new S3JournalExporterOptions());
        page.Enums();
        return page._text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private void Section(string title, string lead, object options)
    {
        _text.AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine();
        if (lead.Length > 0)
        {
            _text.AppendLine(lead).AppendLine();
        }

        // What a configuration file can hold.
        Type type = options.GetType();
        PropertyInfo[] properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true && (property.DeclaringType == type || type == typeof(StreamRule)))
            .OrderBy(property => property.DeclaringType == type ? 0 : 1)
            .ThenBy(static property => property.MetadataToken)];
        _text.AppendLine("| option | type | default | meaning |").AppendLine("|---|---|---|---|");
        foreach (PropertyInfo property in properties)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"| `{property.Name}` | {TypeOf(property.PropertyType)} | {DefaultOf(property.GetValue(options))} | {Cell(Doc($"P:{property.DeclaringType!.FullName}.{property.Name}", property.DeclaringType.Assembly))} |");
        }

        MethodInfo[] methods = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(static method => !method.IsSpecialName && method.ReturnType == typeof(void) && method.GetBaseDefinition() == method)
            .OrderBy(static method => method.MetadataToken)];
        _text.AppendLine();
        if (methods.Length > 0)
        {
            _text.AppendLine("By code only:").AppendLine();
            foreach (MethodInfo method in methods)
            {
                _text.AppendLine(CultureInfo.InvariantCulture, $"- `{method.Name}`: {Doc(IdOf(method), type.Assembly)}");
            }

            _text.AppendLine();
        }
    }

    private void Enums()
    {
        _text.AppendLine("## Words").AppendLine();
        foreach ((string name, Type type) in _enums)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"**{name}**").AppendLine();
            foreach (string value in Enum.GetNames(type))
            {
                string doc = type.Namespace!.StartsWith("OpenTelemetry", StringComparison.Ordinal) && type.Assembly != typeof(S3JournalExporterOptions).Assembly
                    ? "see OpenTelemetry's documentation."
                    : Doc($"F:{type.FullName}.{value}", type.Assembly);
                _text.AppendLine(CultureInfo.InvariantCulture, $"- `{value}`: {doc}");
            }

            _text.AppendLine();
        }
    }

    private string TypeOf(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            _enums[plain.Name] = plain;
            return $"[{plain.Name}](#words)";
        }

        return plain switch
        {
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(int) || plain == typeof(long) => "number",
            _ when plain == typeof(TimeSpan) => "time",
            _ when plain == typeof(S3Options) => "options, see below",
            _ when plain == typeof(IList<StreamRule>) => "array of options, see below",
            _ when plain == typeof(IDictionary<string, string>) => "names and values",
            _ => plain.Name,
        };
    }

    private static string DefaultOf(object? value) => value switch
    {
        null => "not set",
        S3Options => "",
        bool flag => flag ? "`true`" : "`false`",
        string or Enum => $"`{value}`",
        TimeSpan time => $"`{time.ToString("c", CultureInfo.InvariantCulture)}`",
        IFormattable number => number.ToString("N0", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable => "none",
        _ => throw new NotSupportedException($"{value} is a default that this page cannot show."),
    };

    private static string IdOf(MethodInfo method)
    {
        string parameters = string.Join(',', method.GetParameters().Select(static parameter => IdOf(parameter.ParameterType)));
        return $"M:{method.DeclaringType!.FullName}.{method.Name}" + (parameters.Length > 0 ? $"({parameters})" : "");
    }

    private static string IdOf(Type type) => type.IsGenericType
        ? $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(IdOf))}}}"
        : type.FullName!;

    private string Doc(string id, Assembly assembly)
    {
        if (!_docs.TryGetValue(assembly, out XDocument? xml))
        {
            xml = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            _docs.Add(assembly, xml);
        }

        XElement? member = xml.Root!.Element("members")!.Elements("member").FirstOrDefault(found => (string?)found.Attribute("name") == id);
        if (member?.Element("inheritdoc") is { } inherited)
        {
            string other = (string)inherited.Attribute("cref")!;
            return Doc(other, other.Contains("Sink.Core.", StringComparison.Ordinal) ? typeof(JournalOptions).Assembly : assembly);
        }

        string text = Text(member?.Element("summary") ?? throw new InvalidOperationException($"{id} has no documentation."));
        return Blanks().Replace(text, " ").Trim();
    }

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(static node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference => $"`{NameOf(reference.Value)}`",
        XElement { Name.LocalName: "see" } see => $"`{(string?)see.Attribute("langword") ?? see.Value}`",
        XElement { Name.LocalName: "paramref" } parameter => $"`{(string?)parameter.Attribute("name")}`",
        XElement { Name.LocalName: "para" } paragraph => $" {Text(paragraph)} ",
        _ => throw new NotSupportedException($"{node} is documentation that this page cannot show."),
    }));

    /// <summary>A member's own name; with its type's where that is no options class.</summary>
    private static string NameOf(string reference)
    {
        string[] parts = reference[2..].Split('(')[0].Split('.');
        return reference[0] is 'T' || parts[^2].EndsWith("Options", StringComparison.Ordinal) || parts[^2] == nameof(StreamRule) || reference[0] == 'F' ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
