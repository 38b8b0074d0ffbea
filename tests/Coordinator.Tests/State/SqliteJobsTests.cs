using FaceFusion.Batch.Coordinator.State;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.State;

public sealed class SqliteJobsTests
{
    private const int Full = 13;
    private const int Busy = 5;

    [Fact]
    public void FullDisk_WhereverItLies_IsOneSentence()
    {
        SqliteException write = new("database or disk is full", Full);
        foreach (
            Exception cause in (Exception[])[write, new DbUpdateException("rows", write), new AggregateException(write)]
        )
        {
            Assert.Equal("disk-full", SqliteJobs.FullDisk(cause)?.Code);
        }
    }

    [Fact]
    public void FullDisk_OfAnythingElse_IsNone()
    {
        Assert.Null(SqliteJobs.FullDisk(new SqliteException("database is locked", Busy)));
        Assert.Null(SqliteJobs.FullDisk(new InvalidOperationException("13")));
    }
}
