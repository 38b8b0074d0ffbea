using FaceFusion.Batch.Contracts.Errors;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Opens models on the device that was chosen for the process, and remembers where each of them went. Safe from any thread.</summary>
public sealed class InferenceDevice
{
    /// <summary>Reasons for a model's place.</summary>
    internal const string AlwaysOnCpu = "this model always runs on the CPU";
    internal const string SmallOnCpu = "it is small, and there are cores enough";

    private readonly ProviderOptions _options;
    private readonly Dictionary<string, ModelPlace> _places = [];
    private readonly List<(string Model, DeviceSession Session)> _sessions = [];
    private readonly Lock _guard = new();

    private InferenceDevice(DevicePlan plan, ProviderOptions options)
    {
        Plan = plan;
        _options = options;
    }

    public DevicePlan Plan { get; }

    /// <summary>
    /// The built-in networks that find faces stay on the CPU although there is a GPU. They are small: alone they are bound by their launch
    /// (attention mesh on an H100: 224 runs/s, a core makes 83), and the threads of some twenty chunks fill 3 rows of a batch of 32, for
    /// the price of all of them; the GPU is better used by the network that swaps.
    /// </summary>
    public bool FindsOnCpu => Plan.Device != DeviceWish.Cpu && _options.IsFindingOnCpu;

    /// <summary>Where the models are that were opened so far, by their ids.</summary>
    public IReadOnlyDictionary<string, ModelPlace> Places
    {
        get
        {
            lock (_guard)
            {
                return new SortedDictionary<string, ModelPlace>(_places, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Of each model that is run in batches, how many ran with so many rows in use; by rows, from 0 on.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Batches
    {
        get
        {
            lock (_guard)
            {
                return new SortedDictionary<string, IReadOnlyList<long>>(
                    _sessions.Where(s => s.Session.Rounds.Count > 0).ToDictionary(s => s.Model, s => s.Session.Rounds),
                    StringComparer.Ordinal
                );
            }
        }
    }

    /// <summary>Told of each model once, when it was opened.</summary>
    public Action<ModelPlace>? OnPlaced { get; set; }

    /// <summary>Chooses among the devices of this machine.</summary>
    /// <exception cref="ModelException"><c>device-missing</c>: none of the choice can be used; the message says why.</exception>
    public static InferenceDevice Open(DeviceChoice choice, ProviderOptions? options = null)
    {
        options ??= ProviderOptions.FromEnvironment();
        return new InferenceDevice(DevicePlan.Make(choice, options), options);
    }

    /// <summary>The CPU, whatever else there is.</summary>
    public static InferenceDevice OnCpu() => Open(DeviceChoice.Cpu, new ProviderOptions());

    /// <summary>
    /// The model's session on the chosen device; where that refuses the model, on the next device of the choice. A network of which the
    /// device runs only a part is taken, and its place says so.
    /// </summary>
    /// <param name="id">Of the model's card.</param>
    /// <param name="model">The file.</param>
    /// <param name="whyOnCpu">Why the model stays on the CPU; null: it need not.</param>
    /// <exception cref="ModelException"><c>model-load</c>: no device of the choice takes it.</exception>
    internal InferenceSession Load(string id, byte[] model, string? whyOnCpu = null)
    {
        List<string> refusals = [];
        foreach (DeviceWish wish in whyOnCpu is not null ? [DeviceWish.Cpu] : Plan.Candidates)
        {
            if (
                refusals.Count > 0
                && ProviderRoutes.Try(wish, _options) is { Outcome: not AttemptOutcome.Used } attempt
            )
            {
                refusals.Add($"{attempt}");
                continue;
            }

            try
            {
                (DeviceSession session, string? note) = Create(wish, model);
                note = refusals.Count > 0 ? $"not on {string.Join("; not on ", refusals)}" : note;
                note = whyOnCpu is not null && Plan.Device != DeviceWish.Cpu ? whyOnCpu : note;
                string deviceClass = ProviderRoutes.ClassOf(wish, _options);
                (session.Batch, session.Classes, string? noBatch) = BatchSize.Choose(
                    session,
                    id,
                    model,
                    wish.Provider == Plan.Device.Provider ? Plan.Choice.Batch : 1,
                    $"{wish} {deviceClass} {Plan.Attempts[^1].Note} {CudaDriver.Version}",
                    _options
                );
                lock (_guard)
                {
                    _sessions.Add((id, session));
                }

                Remember(
                    new ModelPlace(
                        id,
                        $"{wish}",
                        // Another size is another kernel: the last bits of its sums may differ.
                        session.Batch > 1
                            ? $"{deviceClass} batch {session.Batch}"
                            : deviceClass,
                        refusals.Count > 0,
                        note ?? noBatch
                    )
                    {
                        Batch = session.Batch,
                        RowClasses = session.Classes?.Distinct().Count() ?? 1,
                    }
                );
                return session;
            }
            catch (OnnxRuntimeException e)
            {
                refusals.Add($"{wish}: {LibraryFault.Short(e.Message)}");
            }
        }

        string advice =
            Plan.Device == DeviceWish.Cpu || whyOnCpu is not null
                ? ""
                : $" Allow another device for it (--device {Plan.Choice},{Provider.Cpu.Name}).";
        throw new ModelException(
            "model-load",
            $"The model {id} cannot be loaded on {string.Join("; nor on ", refusals)}.{advice}"
        );
    }

    private (DeviceSession Session, string? Note) Create(DeviceWish wish, byte[] model)
    {
        if (wish.Provider == Provider.Cpu)
        {
            return (Create(wish, model, isWhole: false), null);
        }

        // TensorRT would build its engines a second time, only to say the same.
        if (wish.Provider == Provider.TensorRt)
        {
            return (Create(wish, model, isWhole: false), null);
        }

        try
        {
            return (Create(wish, model, isWhole: true), null);
        }
        catch (OnnxRuntimeException)
        {
            return (Create(wish, model, isWhole: false), "some of its operators run on the CPU");
        }
    }

    private DeviceSession Create(DeviceWish wish, byte[] model, bool isWhole)
    {
        using SessionOptions options = ProviderRoutes.Open(wish, _options, isWhole);
        return new DeviceSession(model, options, isRemote: wish.Provider != Provider.Cpu);
    }

    private void Remember(ModelPlace place)
    {
        lock (_guard)
        {
            _places[place.Model] = place;
        }

        OnPlaced?.Invoke(place);
    }
}
