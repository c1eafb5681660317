using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>What a packer tells, asks and counts with.</summary>
internal sealed record PackerServices(JournalClock Clock, DiskBudget Budget, Action<JournalFailure> Report, RandomSource Random);
