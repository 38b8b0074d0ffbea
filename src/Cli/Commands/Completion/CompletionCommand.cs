using System.CommandLine;

namespace FaceFusion.Batch.Cli.Commands.Completion;

/// <summary><c>ffb completion</c>: scripts that let a shell complete what is typed, by asking the program itself.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completion of ffb for bash: eval "$(ffb completion bash)"
        _ffb() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -o default -F _ffb ffb
        """;

    private const string Zsh = """
        #compdef ffb
        # Completion of ffb for zsh: source <(ffb completion zsh)
        _ffb() {
            local -a found
            found=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${found[1]}" ]]; then
                compadd -a found
            else
                _files
            fi
        }
        compdef _ffb ffb
        """;

    private const string Fish = """
        # Completion of ffb for fish: ffb completion fish | source
        function __ffb_complete
            set -l words (commandline -opc)
            $words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null
        end
        complete -c ffb -a '(__ffb_complete)'
        """;

    private const string PowerShell = """
        # Completion of ffb for PowerShell 7.3 or newer: ffb completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName ffb -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
                Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
            & $commandAst.CommandElements[0].ToString() complete '--' @words $wordToComplete 2>$null |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create() =>
        new ExampledCommand(
            "completion",
            "Print a script that lets a shell complete ffb's commands and options",
            "eval \"$(ffb completion bash)\"   # or in ~/.bashrc",
            "source <(ffb completion zsh)",
            "ffb completion fish > ~/.config/fish/completions/ffb.fish",
            "ffb completion pwsh | Out-String | Invoke-Expression"
        )
        {
            Script("bash", Bash),
            Script("zsh", Zsh),
            Script("fish", Fish),
            Script("pwsh", PowerShell),
        };

    private static Command Script(string shell, string script)
    {
        Command command = new(shell, $"For {shell}");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(script));
        return command;
    }
}
