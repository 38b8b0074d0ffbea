using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Alerts;

/// <summary>deploy/alerts: what Prometheus itself makes of the rules (eng/alerts.sh), and that they ask for what is counted.</summary>
public sealed partial class AlertTests
{
    private static readonly string Script = Tree.PathOf("eng", "alerts.sh");
    private static readonly string Text = File.ReadAllText(Tree.PathOf("deploy", "alerts", "rules.yaml"));

    [Fact]
    public void Rules_ByPromtool_FireWhereTheyShould()
    {
        (int code, string said, string error) = Tree.Run(Script);

        Assert.True(code == 0, said + error);
        Assert.Contains($"{Rules.Count} rules found", said);
    }

    [Theory]
    [InlineData("absent(ffb_frames_owed)", "absent(ffb_frame_owed)", "FfbNoCoordinator")]
    [InlineData("(max(ffb_workers) or vector(0)) == 0", "max(ffb_workers) == 0", "FfbNoWorkers")]
    [InlineData(
        "(sum(increase(ffb_frames_committed_total[15m])) or vector(0))",
        "sum(increase(ffb_frames_committed_total[15m]))",
        "FfbStalled"
    )]
    [InlineData("seconds) > 3600", "seconds) > 7200", "FfbWaitingLong")]
    [InlineData("outcome!=\"fused\"", "outcome=\"fused\"", "FfbAttemptsWasted")]
    [InlineData(" unless ffb_attempts_ended_total offset 1h", "", "FfbChunksDamaged")]
    [InlineData("sum by (queue)", "sum", "FfbMessageFaults")]
    [InlineData("for: 5m", "for: 1m", "FfbWebhooksLate")]
    [InlineData("outcome=\"failed\"", "outcome=~\"failed|retried\"", "FfbWebhooksGivenUp")]
    public void Rule_WithAFault_IsNamed(string right, string wrong, string alert)
    {
        Assert.Contains(right, Text);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Text.Replace(right, wrong));

            (int code, string said, string error) = Tree.Run(Script, file);

            Assert.NotEqual(0, code);
            Assert.Contains($"alertname: {alert},", said + error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Alerts_AllOfThem_HaveSeriesThatMakeThemFireAndSeriesThatDoNot()
    {
        JsonObject tests = YamlReader.Read(File.ReadAllText(Tree.PathOf("deploy", "alerts", "tests.yaml"))).Single();
        ILookup<string, bool> tried = tests["tests"]!
            .AsArray()
            .SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .ToLookup(
                one => one!["alertname"]!.GetValue<string>(),
                one => one!["exp_alerts"] is JsonArray { Count: > 0 }
            );

        Assert.All(Rules, rule => Assert.Equal([false, true], tried[rule.Alert].Distinct().Order()));
    }

    [Fact]
    public void Alerts_AllOfThem_HaveARowThatSaysWhatToDo()
    {
        IEnumerable<string> rows = Row()
            .Matches(File.ReadAllText(Tree.PathOf("docs", "operations.md")))
            .Select(match => match.Groups["alert"].Value);

        Assert.Equal(Rules.Select(rule => rule.Alert), rows);
    }

    [Fact]
    public void Expressions_AskForMetrics_ThatAProcessHas()
    {
        HashSet<string> had =
        [
            .. Directory
                .EnumerateFiles(Tree.PathOf("src"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Instrument().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups["name"].Value),
        ];

        Assert.All(Rules, rule => Assert.NotEmpty(Metric().Matches(rule.Expression)));
        Assert.Empty(
            Rules.SelectMany(rule =>
                Metric()
                    .Matches(rule.Expression)
                    .Where(match => !had.Contains(match.Value))
                    .Select(match => $"{rule.Alert}: {match.Value}")
            )
        );
    }

    private static IReadOnlyList<(string Alert, string Expression)> Rules { get; } =
    [
        .. YamlReader.Read(Text).Single()["spec"]!["groups"]!
            .AsArray()
            .SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => (rule!["alert"]!.GetValue<string>(), rule["expr"]!.GetValue<string>())),
    ];

    // A counter has one series a name; a histogram would have three, and no alert asks for one.
    [GeneratedRegex("""\.Create(Counter|ObservableGauge)(<\w+>)?\(\s*"(?<name>ffb_\w+)"\s*,""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\bffb_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?m)^\| `(?<alert>Ffb\w+)` \|")]
    private static partial Regex Row();
}
