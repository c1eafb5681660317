using System.Globalization;
using System.IO.Pipes;
using DiskWriter;
using Sink.Core;

// DiskWriter write DIRECTORY CYCLE SEED PIPE: appends until its disk or its parent is gone, and tells the pipe of each entry.
// DiskWriter drain DIRECTORY: delivers what is there.
string root = args[1];
if (args[0] == "drain")
{
    await using Journal left = Journal.Open(Workload.Options(root));
    FlushResult flushed = await left.FlushAsync();
    return flushed.Waiting == 0 ? 0 : 1;
}

using AnonymousPipeClientStream pipe = new(PipeDirection.Out, args[4]);
Workload work = new(int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), pipe);
await work.RunAsync(root);
return 0;
