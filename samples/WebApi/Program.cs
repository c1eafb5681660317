WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.AddS3Journal();
builder.Services.AddHealthChecks().AddS3Journal();

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/customers/{customer}/orders/{order:int}", (string customer, int order, ILogger<Program> logger) =>
{
    using (logger.BeginScope("Customer {Customer}", customer))
    {
        logger.LogInformation("Order {OrderId} placed", order);
    }

    // Its log entry is on disk: nothing that happens to this process from here on loses it.
    return Results.Accepted();
});
app.Run();
