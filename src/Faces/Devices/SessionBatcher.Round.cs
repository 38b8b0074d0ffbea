using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Devices;

internal sealed partial class SessionBatcher
{
    /// <summary>One batch's buffers, and how far its threads are.</summary>
    private sealed class Round(BoundSession batch) : IDisposable
    {
        public readonly ManualResetEventSlim Full = new();
        public readonly ManualResetEventSlim Done = new();
        private ulong _rows;
        public int Filled;
        public int Read;

        public BoundSession Batch { get; } = batch;

        /// <summary>Rows in use; final once the round is no longer open.</summary>
        public int Taken { get; private set; }

        public ModelException? Failure { get; set; }

        /// <summary>Takes the row of the hash, or another of its class.</summary>
        /// <param name="classes">Those of the whole size; a smaller batch has none.</param>
        public bool TryTake(ulong hash, IReadOnlyList<int>? classes, out int row)
        {
            int own = (int)(hash % (ulong)Batch.Rows);
            bool isKnown = classes?.Count == Batch.Rows;
            for (int i = 0; i < Batch.Rows; i++)
            {
                row = (own + i) % Batch.Rows;
                if ((_rows & (1UL << row)) == 0 && (i == 0 || (isKnown && classes![row] == classes[own])))
                {
                    _rows |= 1UL << row;
                    Taken++;
                    return true;
                }
            }

            row = -1;
            return false;
        }

        public void Reset()
        {
            _rows = 0;
            Taken = 0;
            Filled = 0;
            Read = 0;
            Failure = null;
            Full.Reset();
            Done.Reset();
        }

        public void Dispose()
        {
            Batch.Dispose();
            Full.Dispose();
            Done.Dispose();
        }
    }
}
