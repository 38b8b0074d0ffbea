using System.Net;
using System.Net.Http.Headers;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Cli.Fetching;

/// <summary>
/// Fetches models into the store. A download that broke off goes on where it was, if the server still has the same bytes (by entity tag);
/// what has come is taken only if it is the model.
/// </summary>
/// <param name="store">Where to.</param>
/// <param name="addresses">Where from.</param>
/// <param name="terminal">Is shown how far it is.</param>
/// <param name="limits">Of patience and size.</param>
internal sealed class ModelFetcher(ModelStore store, ModelAddresses addresses, Terminal terminal, FetchLimits limits)
    : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly ProgressView _progress = terminal.Progress();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly ModelServer _server = new(limits);

    public void Dispose() => _server.Dispose();

    /// <param name="card">Of a published model.</param>
    /// <param name="stop">Ends it; what has come stays for the next time.</param>
    /// <exception cref="ModelException"><c>model-fetch</c>: no address gave it; <c>model-hash</c> or what admission says: what they gave is not it.</exception>
    public async Task<ModelPin> FetchAsync(ModelCard card, CancellationToken stop)
    {
        using ModelDraft draft = store.OpenDraft(
            card,
            () => terminal.Note($"Another ffb is fetching {card.Id}; waiting for it."),
            stop
        );
        if (store.Has(card))
        {
            await using FileStream there = store.OpenRead(card);
            return store.Require(card, await ModelDigest.OfAsync(there, stop));
        }

        List<string> why = [];
        ModelException? wrong = null;
        try
        {
            foreach (Uri url in addresses.Of(card))
            {
                try
                {
                    await FillAsync(card, draft, url, stop);
                    _progress.Show(new ByteProgress($"verify {card.Id}", 0, 0, 0));
                    return await store.KeepAsync(card, draft, url.ToString(), stop);
                }
                catch (FetchException e)
                {
                    why.Add($"{url.Host} {e.Message}");
                }
                catch (ModelException e) when (ModelStore.IsRefusal(e))
                {
                    wrong = e;
                    why.Add($"{url.Host} gave other bytes");
                }
            }
        }
        finally
        {
            _progress.End();
        }

        throw wrong
            ?? new ModelException(
                "model-fetch",
                $"{card.Id} could not be fetched: {Printable.Of(string.Join("; ", why))}. Try again, and it goes on from what is there; or bring its file {card.File} and use `ffb models import`.",
                isTransient: true
            );
    }

    private async Task FillAsync(ModelCard card, ModelDraft draft, Uri url, CancellationToken stop)
    {
        Pace pace = new(draft.Content.Length);
        for (int tries = 1; ; tries++)
        {
            long had = draft.Content.Length;
            try
            {
                if (await TryAsync(card, draft, url, pace, stop))
                {
                    return;
                }
            }
            catch (FetchException e) when (e.MayPass && (tries < limits.MostTries || draft.Content.Length > had))
            {
                await Task.Delay(limits.Pause, stop);
            }

            tries = draft.Content.Length > had ? 0 : tries;
            if (tries >= limits.MostTries)
            {
                throw new FetchException("did not go on with what it had begun", mayPass: true);
            }
        }
    }

    /// <summary>False: the server has other bytes now than those that are here, and these are dropped.</summary>
    private async Task<bool> TryAsync(ModelCard card, ModelDraft draft, Uri url, Pace pace, CancellationToken stop)
    {
        DraftOrigin? begun = draft.Resumes?.Url == url.ToString() ? draft.Resumes : null;
        long had = begun is null ? 0 : draft.Content.Length;
        using HttpResponseMessage answer = await _server.GetAsync(url, had, begun?.Tag, stop);
        string? tag = answer.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        ContentRangeHeaderValue? range = answer.Content.Headers.ContentRange;
        bool goesOn = answer.StatusCode == HttpStatusCode.PartialContent && range?.From == had && tag == begun?.Tag;
        if (answer.StatusCode != HttpStatusCode.OK && !goesOn)
        {
            if (had == 0)
            {
                throw new FetchException($"answered {(int)answer.StatusCode}", mayPass: false);
            }

            draft.Restart(null);
            return false;
        }

        long? total = goesOn ? range?.Length : answer.Content.Headers.ContentLength;
        RequireSize(card, total);
        if (!goesOn)
        {
            draft.Restart(tag is null ? null : new DraftOrigin(url.ToString(), tag));
        }

        await CopyAsync(card, answer, draft, total, pace, stop);
        return true;
    }

    private async Task CopyAsync(
        ModelCard card,
        HttpResponseMessage answer,
        ModelDraft draft,
        long? total,
        Pace pace,
        CancellationToken stop
    )
    {
        long most = total ?? card.ByteCount ?? limits.MostBytes;
        await foreach (int read in _server.ReadAsync(answer, _buffer, stop))
        {
            if (draft.Content.Length + read > most)
            {
                draft.Restart(null);
                throw new FetchException("sent more than it may", mayPass: false);
            }

            await draft.AppendAsync(_buffer.AsMemory(0, read), stop);
            long done = draft.Content.Length;
            _progress.Show(new ByteProgress($"pull {card.Id}", done, total ?? 0, pace.PerSecond(done)));
        }

        if (total is not null && draft.Content.Length < total)
        {
            throw new FetchException("broke off", mayPass: true);
        }
    }

    private void RequireSize(ModelCard card, long? total)
    {
        if (total is not { } bytes)
        {
            return;
        }

        if (card.ByteCount is { } count && bytes != count)
        {
            throw new FetchException($"has {bytes} bytes of it and not {count}", mayPass: false);
        }

        if (bytes > limits.MostBytes)
        {
            throw new FetchException($"has {bytes} bytes of it, which no runtime loads", mayPass: false);
        }
    }

    /// <summary>Bytes a second since the start.</summary>
    private sealed class Pace(long before)
    {
        private readonly long _start = TimeProvider.System.GetTimestamp();

        public double PerSecond(long done)
        {
            double seconds = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
            return seconds > 0 ? Math.Max(0, done - before) / seconds : 0;
        }
    }
}
