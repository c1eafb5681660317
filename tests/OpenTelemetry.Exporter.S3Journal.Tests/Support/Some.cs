using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

internal static class Some
{
    /// <summary>What a pod in Kubernetes tells of itself.</summary>
    public static ResourceBuilder Resource => ResourceBuilder.CreateDefault().AddService("checkout", "shop", "1.4.2", autoGenerateServiceInstanceId: false, "checkout-7c9f6d5b8-x2x4z").AddAttributes(
    [
        new("k8s.cluster.name", "production-eu-west-1"),
        new("k8s.namespace.name", "shop"),
        new("k8s.deployment.name", "checkout"),
        new("k8s.replicaset.name", "checkout-7c9f6d5b8"),
        new("k8s.pod.name", "checkout-7c9f6d5b8-x2x4z"),
        new("k8s.pod.uid", "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff"),
        new("k8s.node.name", "ip-10-0-12-34.eu-west-1.compute.internal"),
        new("k8s.container.name", "checkout"),
        new("k8s.container.restart_count", 2L),
        new("container.id", "a3bf90e006b2a3bf90e006b2a3bf90e006b2a3bf90e006b2a3bf90e006b2a3bf"),
        new("container.image.tags", new[] { "1.4.2", "latest" }),
        new("deployment.environment.name", "production"),
    ]);

    public static byte[] Written(Action<Utf8Buffer> write)
    {
        Utf8Buffer buffer = Utf8Buffer.Rent();
        write(buffer);
        byte[] written = buffer.Written.ToArray();
        Utf8Buffer.Return(buffer);
        return written;
    }
}
