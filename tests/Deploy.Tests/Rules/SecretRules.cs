using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>Secrets are named and never written down.</summary>
internal static partial class SecretRules
{
    private static readonly string[] SecretVariables = ["FFB_POSTGRES", "FFB_RABBITMQ", "FFB_BLOBS", "FFB_API_KEY"];

    public static IEnumerable<string> FindPlain(Manifest manifest)
    {
        foreach (JsonObject secret in manifest.OfKind("Secret"))
        {
            yield return $"Secret {secret.Name()} is written down";
        }

        foreach (JsonObject one in manifest.Objects)
        {
            if (one.Texts().FirstOrDefault(text => Login().IsMatch(text)) is not null)
            {
                yield return $"{one.Kind()} {one.Name()} holds a login";
            }
        }

        foreach (PodTemplate pod in manifest.Pods)
        {
            foreach ((string name, string value) in pod.Variables())
            {
                if (value.Length > 0 && (SecretVariables.Contains(name) || SecretName().IsMatch(name)))
                {
                    yield return $"{pod.Name} is told {name} in plain text";
                }
            }
        }
    }

    // An address with a login, or a connection string with a password or key.
    [GeneratedRegex(
        @"://[^/\s:@]+:[^/\s@]+@|(Password|Pwd|AccountKey|SharedAccessSignature)\s*=\s*\w",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Login();

    [GeneratedRegex("PASS|SECRET|TOKEN|CREDENTIAL|API_KEY")]
    private static partial Regex SecretName();
}
