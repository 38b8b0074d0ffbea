using System.CommandLine;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Whose face goes where, and what does it: the options that <c>fuse</c> and <c>submit</c> share.</summary>
internal sealed class FaceOptions
{
    private readonly Option<string[]> _source = new("--source", "-s")
    {
        Description = "A photo of the face to put in; give it several times for several photos of the same person",
        HelpName = "PHOTO",
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "Who gets whose face, by the numbers of `ffb scan`; give it once for each person",
        HelpName = "PERSON=PHOTO",
    };

    private readonly Option<string?> _faces = new("--faces")
    {
        Description = "one: the most prominent person (default); all: everybody",
        HelpName = "one|all",
    };

    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = "A JSON file with every setting; the options given here overrule it",
        HelpName = "FILE",
    };

    private readonly SelectorOptions _selector = new();
    private readonly ModelOptions _models = new();
    private readonly StepOptions _steps = new();

    public void AddTo(Command command)
    {
        _faces.AcceptOnlyFromAmong("one", "all");
        command.Options.Add(_source);
        command.Options.Add(_faces);
        command.Options.Add(_map);
        command.Options.Add(_recipe);
        _selector.AddTo(command);
        _models.AddTo(command);
        _steps.AddTo(command);
    }

    /// <summary>The recipe and the identities that it needs.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="encode">What the recipe's encoding is overruled with.</param>
    /// <param name="mayLackSource">The faces to put in may be given elsewhere.</param>
    /// <exception cref="InvalidRecipeException">The first thing that is wrong.</exception>
    public (Recipe Recipe, IReadOnlyList<PhotosOfIdentity> Sources) Read(
        ParseResult parsed,
        EncodeOptions encode,
        bool mayLackSource = false
    )
    {
        Dictionary<int, List<string>> map = ReadMap(parsed.GetValue(_map) ?? []);
        string[] photos = parsed.GetValue(_source) ?? [];
        Recipe recipe = RecipeFile.ReadOrDefault(parsed.GetValue(_recipe));
        if (
            parsed.GetValue(_recipe) is null
            && !mayLackSource
            && photos.Length + map.Count == 0
            && _steps.AreGiven(parsed)
            && !_models.ChangesSwap(parsed)
        )
        {
            recipe = recipe with { Processors = [] };
        }

        recipe = _models.Apply(parsed, recipe);
        recipe = recipe with
        {
            Processors = _steps.Apply(parsed, recipe.Processors),
            Selector = _selector.Apply(parsed, recipe.Selector),
        };
        if (map.Count > 0 && (photos.Length > 0 || parsed.GetValue(_faces) is not null))
        {
            throw new InvalidRecipeException("usage", "Use either --source (with --faces) or --map, not both.");
        }

        if (_selector.AreGiven(parsed) && (map.Count > 0 || parsed.GetValue(_faces) is not null))
        {
            throw new InvalidRecipeException(
                "usage",
                "Use either --faces and --map, or --select with its filters: both say who is meant."
            );
        }

        List<PhotosOfIdentity> sources = [.. map.Select(m => new PhotosOfIdentity(NameOf(m.Key), m.Value))];
        if (photos.Length > 0)
        {
            sources.Add(new PhotosOfIdentity("source", photos));
        }

        recipe = recipe with
        {
            Faces = Selection(parsed.GetValue(_faces), map, recipe.Faces),
            Encode = encode.Read(parsed, recipe.Encode),
        };
        RecipeRules.Check(recipe);
        if (!mayLackSource || sources.Count > 0)
        {
            RequireIdentities(recipe, sources);
        }

        return (recipe, sources);
    }

    private static FaceSelection Selection(string? faces, Dictionary<int, List<string>> map, FaceSelection recipe)
    {
        if (map.Count > 0)
        {
            return recipe with { Mode = SelectionMode.Map, Map = map.Keys.ToDictionary(p => p, NameOf) };
        }

        return faces switch
        {
            "one" => recipe with { Mode = SelectionMode.One },
            "all" => recipe with { Mode = SelectionMode.All },
            _ => recipe,
        };
    }

    private static void RequireIdentities(Recipe recipe, List<PhotosOfIdentity> sources)
    {
        if (!recipe.Processors.Any(p => p is SwapStep))
        {
            return;
        }

        if (sources.Count == 0)
        {
            throw new InvalidRecipeException(
                "source-not-given",
                "A face to put in is missing: give --source PHOTO, or --map PERSON=PHOTO for each person."
            );
        }

        string? unknown =
            recipe.Faces.Mode == SelectionMode.Map
                ? recipe.Faces.Map.Values.FirstOrDefault(name => sources.All(s => s.Name != name))
                : null;
        if (unknown is not null)
        {
            throw new InvalidRecipeException(
                "recipe-value",
                $"Recipe field faces.map names the identity '{unknown}', but no photo was given for it; --source gives 'source'."
            );
        }
    }

    private static Dictionary<int, List<string>> ReadMap(string[] entries)
    {
        Dictionary<int, List<string>> map = [];
        foreach (string entry in entries)
        {
            string[] parts = entry.Split('=', 2);
            if (parts.Length != 2 || parts[1].Length == 0 || !int.TryParse(parts[0], out int person) || person < 1)
            {
                throw new InvalidRecipeException(
                    "usage",
                    $"--map {entry} is not PERSON=PHOTO; `ffb scan` shows the numbers, for example --map 1=me.jpg."
                );
            }

            map.TryAdd(person, []);
            map[person].Add(parts[1]);
        }

        return map;
    }

    private static string NameOf(int person) => $"person-{person}";
}
