namespace FaceFusion.Batch.Media.Tools;

/// <summary>
/// The small programs of util-linux in front of a child. Each replaces itself by the next one, so the process id stays that of the child.
/// </summary>
public static class ChildFences
{
    public static IEnumerable<string> Before(MediaTools tools, ToolLimits limits)
    {
        if (tools.SetsidPath is string setsid)
        {
            yield return setsid;
        }

        if (tools.SetprivPath is string setpriv)
        {
            yield return setpriv;
            yield return "--pdeathsig";
            yield return "KILL";
        }

        if (tools.PrlimitPath is string prlimit)
        {
            yield return prlimit;
            yield return limits.AddressSpaceBytes == ToolLimits.Unbounded
                ? "--as=unlimited"
                : $"--as={limits.AddressSpaceBytes}";
            yield return $"--cpu={limits.CpuSeconds}";
            yield return $"--fsize={limits.FileBytes}";
            yield return $"--nofile={limits.OpenFiles}";
            yield return "--core=0";
        }
    }
}
