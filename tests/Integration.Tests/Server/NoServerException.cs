namespace Integration.Tests.Server;

/// <summary>This machine has no server; the message tells how to get one.</summary>
public sealed class NoServerException(string message) : Exception(message);
