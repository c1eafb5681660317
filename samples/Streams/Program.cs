using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Sink.Core;
using Streams;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
IConfiguration settings = new ConfigurationBuilder()
    .SetBasePath(AppContext.BaseDirectory)
    .AddJsonFile("appsettings.json")
    .AddEnvironmentVariables()
    .AddCommandLine(args)
    .Build();
JournalOptions options = new();
settings.GetSection("Journal").Bind(options);
int documents = settings.GetValue<int>("Documents");
string run = Guid.NewGuid().ToString("N");

options.OnFailure(static failure => Console.Error.WriteLine($"{failure.Kind}: {failure.Message}"));
options.OnObjectDelivered(static delivered => Console.WriteLine($"delivered {delivered.Key}: {delivered.Entries} documents, {delivered.Bytes:N0} bytes, put in {delivered.PutTime.TotalMilliseconds:N0} ms"));
try
{
    await using (Journal journal = Journal.Open(options))
    {
        for (int i = 0; i < documents; i++)
        {
            (string domain, string space) = (i % 3) switch
            {
                0 => ("shop", "orders"),
                1 => ("shop", "customers"),
                _ => ("warehouse", "stock/moves"),
            };
            AppendResult result = journal.Append(new Document(domain, space, new JsonObject { ["run"] = run, ["number"] = i, ["id"] = Guid.NewGuid().ToString(), ["text"] = $"the {i}th document of {domain}" }));
            if (result != AppendResult.Stored)
            {
                Console.Error.WriteLine($"Document {i}: {result}");
            }

            if (i == documents / 2)
            {
                // Sealed and delivered now, whatever its limits say; the next document opens the stream again.
                await journal.GetStream("shop/orders").CloseAsync();
                Console.WriteLine("shop/orders was closed");
            }
        }
    }

    return await Check.RunAsync(options, run, documents);
}
catch (JournalException exception)
{
    // Its message says what to do: a mistake in the settings, a folder that cannot be written.
    Console.Error.WriteLine(exception.Message);
    return 1;
}
