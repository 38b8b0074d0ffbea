namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>What can stand in an <see cref="IndexedHeap{T}"/>.</summary>
public abstract class HeapMember
{
    /// <summary>Where it stands; -1: nowhere.</summary>
    internal int HeapIndex { get; set; } = -1;
}

/// <summary>A binary heap whose members may change their rank while they stand in it: O(log n) for every change.</summary>
internal sealed class IndexedHeap<T>(Comparison<T> order)
    where T : HeapMember
{
    private readonly List<T> _members = [];

    public T? First => _members.Count > 0 ? _members[0] : null;

    /// <summary>Adds a member, or puts it to its place after its rank has changed.</summary>
    public void Place(T member)
    {
        if (member.HeapIndex < 0)
        {
            member.HeapIndex = _members.Count;
            _members.Add(member);
        }

        Rise(member);
        Sink(member);
    }

    /// <summary>Takes a member out; one that is not in is left alone.</summary>
    public void Remove(T member)
    {
        int hole = member.HeapIndex;
        if (hole < 0)
        {
            return;
        }

        T last = _members[^1];
        _members.RemoveAt(_members.Count - 1);
        member.HeapIndex = -1;
        if (!ReferenceEquals(last, member))
        {
            Set(hole, last);
            Rise(last);
            Sink(last);
        }
    }

    private void Rise(T member)
    {
        while (member.HeapIndex > 0)
        {
            int at = member.HeapIndex;
            T above = _members[(at - 1) / 2];
            if (order(above, member) <= 0)
            {
                return;
            }

            Set((at - 1) / 2, member);
            Set(at, above);
        }
    }

    private void Sink(T member)
    {
        while (true)
        {
            int at = member.HeapIndex;
            int least = (2 * at) + 1;
            if (least >= _members.Count)
            {
                return;
            }

            if (least + 1 < _members.Count && order(_members[least + 1], _members[least]) < 0)
            {
                least++;
            }

            T below = _members[least];
            if (order(member, below) <= 0)
            {
                return;
            }

            Set(least, member);
            Set(at, below);
        }
    }

    private void Set(int index, T member)
    {
        _members[index] = member;
        member.HeapIndex = index;
    }
}
