using System.Text.RegularExpressions;

namespace FaceFusion.Batch.House.Tests.Tree;

/// <summary>Rules of the house that no compiler checks.</summary>
public sealed partial class SourceRuleTests
{
    private const int LongestSource = 400;
    private const int LongestTest = 500;

    private static readonly string[] OurCode = ["src", "tools", "tests"];

    [Fact]
    public void Files_AreShortEnoughToRead()
    {
        IEnumerable<string> tooLong =
            from path in Solution.SourceFiles(OurCode)
            where !path.Contains("/Migrations/")
            let lines = File.ReadLines(Solution.PathOf(path)).Count()
            where lines > (path.StartsWith("tests/", StringComparison.Ordinal) ? LongestTest : LongestSource)
            select $"{path}: {lines} lines";

        Assert.Empty(tooLong);
    }

    /// <summary>Whoever opens the tree reads these three; any other text has its room in docs.</summary>
    [Fact]
    public void Root_HasNoOtherText() =>
        Assert.Equal(
            ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"],
            Directory
                .EnumerateFiles(Solution.PathOf("."), "*.md")
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The words that say nothing, as a whole word of a file's or type's name.</summary>
    [Fact]
    public void Names_SaySomething()
    {
        IEnumerable<string> files =
            from path in Solution.SourceFiles(OurCode)
            from segment in path.Split('/')
            where EmptyWord().IsMatch(Path.GetFileNameWithoutExtension(segment))
            select path;
        IEnumerable<string> types =
            from path in Solution.SourceFiles(OurCode)
            from Match type in TypeName().Matches(File.ReadAllText(Solution.PathOf(path)))
            where EmptyWord().IsMatch(type.Groups["name"].Value)
            select $"{path}: {type.Groups["name"].Value}";

        Assert.Empty(files.Concat(types));
    }

    [Fact]
    public void Code_IsFinished()
    {
        IEnumerable<string> marks =
            from path in Solution.SourceFiles("src", "tools")
            let text = File.ReadAllText(Solution.PathOf(path))
            from Match mark in UnfinishedMark().Matches(text)
            select $"{path}: {mark.Value}";

        Assert.Empty(marks);
    }

    [Fact]
    public void Tests_AreNeverSkipped()
    {
        IEnumerable<string> skipped =
            from path in Solution.SourceFiles("tests")
            where SkippedTest().IsMatch(File.ReadAllText(Solution.PathOf(path)))
            select path;

        Assert.Empty(skipped);
    }

    [Fact]
    public void Unsafe_StaysInImaging()
    {
        IEnumerable<string> users =
            from path in Solution.SourceFiles("src", "tools")
            where !path.StartsWith("src/Imaging/", StringComparison.Ordinal)
            where UnsafeCode().IsMatch(File.ReadAllText(Solution.PathOf(path)))
            select path;

        Assert.Empty(users);
    }

    [Theory]
    [InlineData("FrameManager", true)]
    [InlineData("VideoInfo", true)]
    [InlineData("TaskQueue", true)]
    [InlineData("Information", false)]
    [InlineData("Metadata", false)]
    [InlineData("ShowInfoLine", false)]
    public void EmptyWord_MatchesWholeWordsOnly(string name, bool expected) =>
        Assert.Equal(expected, EmptyWord().IsMatch(name));

    // ShowInfo is the name of a filter of ffmpeg.
    [GeneratedRegex("(?<![A-Z]|Show)(Task|Item|Data|Info|Manager|Helper|Util|Utils|Utilities)(?![a-z])")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(?:class\s+|struct\s+)?(?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"\[(Fact|Theory)\([^\]]*\bSkip\b")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"^\s*(?:\w+\s+)*unsafe\b(?:\s+\w|\s*$|\s*\{)", RegexOptions.Multiline)]
    private static partial Regex UnsafeCode();
}
