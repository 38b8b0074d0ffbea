using System.Buffers.Text;
using System.Text.Json;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>
/// What ffprobe answers when it is asked for the header and for every packet at once, which saves the start of a second child. The
/// packets come first, a line each, and are taken apart as they come; only the header is kept as text.
/// </summary>
internal sealed class HeaderAndPackets : IDisposable
{
    /// <summary>Of the header's lines, which hold whatever is written into the tags of a file.</summary>
    public const int LongestLine = 1 << 24;

    /// <summary>To be asked with <c>-of json=compact=1</c>.</summary>
    public static readonly string[] Questions =
    [
        "-show_streams",
        "-show_format",
        "-show_chapters",
        "-show_entries",
        "packet=codec_type,stream_index,pts,size,pos,flags",
    ];

    private readonly MemoryStream _text = new();
    private readonly Dictionary<int, PacketList> _videos = [];
    private JsonDocument? _header;
    private bool _inPackets;

    /// <summary>The answer without the packets; asked for after the last line, and of use until this is disposed.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonElement Header => (_header ??= JsonDocument.Parse(_text.ToArray())).RootElement;

    /// <summary>The packets of a video stream; none if it has none.</summary>
    /// <param name="stream">Its number in the container.</param>
    public PacketList PacketsOf(int stream) => _videos.GetValueOrDefault(stream) ?? new PacketList();

    /// <summary>Takes the next line of the answer; its indentation tells what it belongs to.</summary>
    /// <exception cref="JsonException">A packet's line is no JSON.</exception>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (!_inPackets)
        {
            // No other line begins so: whatever a tag says, its name and a quote stand before it.
            _inPackets = line.StartsWith("    \"packets\": ["u8);
        }
        else if (line.StartsWith("        {"u8))
        {
            AddPacket(line);
            return;
        }
        else if (line.StartsWith("    ]"u8))
        {
            _inPackets = false;
        }
        else
        {
            return; // Side data, which ffprobe prints asked or not.
        }

        _text.Write(line);
        _text.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _header?.Dispose();
        _text.Dispose();
    }

    private void AddPacket(ReadOnlySpan<byte> json)
    {
        long? pts = null;
        long? position = null;
        long size = 0;
        int stream = -1;
        bool isVideo = false;
        bool isKey = false;
        bool isHidden = false;
        // Where side data follow, the packet does not end with its line.
        var reader = new Utf8JsonReader(json.TrimEnd((byte)','), isFinalBlock: false, default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            ReadOnlySpan<byte> name = reader.ValueSpan;
            _ = reader.Read();
            ReadOnlySpan<byte> value = reader.ValueSpan;
            if (name.SequenceEqual("codec_type"u8))
            {
                isVideo = value.SequenceEqual("video"u8);
            }
            else if (name.SequenceEqual("stream_index"u8))
            {
                stream = (int)(Number(value) ?? -1);
            }
            else if (name.SequenceEqual("pts"u8))
            {
                pts = Number(value);
            }
            else if (name.SequenceEqual("pos"u8))
            {
                position = Number(value);
            }
            else if (name.SequenceEqual("size"u8))
            {
                size = Number(value) ?? 0;
            }
            else if (name.SequenceEqual("flags"u8))
            {
                isKey = value.Contains((byte)'K');
                isHidden = value.Contains((byte)'D');
            }
        }

        if (isVideo)
        {
            ListOf(stream)
                .Add(new ListedPacket(pts, position, (int)Math.Clamp(size, 0, int.MaxValue), isKey, isHidden));
        }
    }

    private PacketList ListOf(int stream)
    {
        if (!_videos.TryGetValue(stream, out PacketList? list))
        {
            _videos.Add(stream, list = new PacketList());
        }

        return list;
    }

    private static long? Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out int used) && used == text.Length ? value : null;
}
