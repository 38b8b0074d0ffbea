using System.Net;
using System.Web;
using FaceFusion.Batch.Storage.Azure;

namespace FaceFusion.Batch.Storage.Tests.Azure;

/// <summary>What is peculiar to Azure: addresses that carry a permission, and a network in between.</summary>
public sealed class AzureBlobStoreTests
{
    private static readonly BlobName Name = BlobName.Parse("jobs/1/x.mp4");
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task ReadUrl_ReadsThisBlobAndNothingElse()
    {
        AzureBlobStore store = await Stores.OpenAzureAsync();
        BlobName other = BlobName.Parse("jobs/1/y.mp4");
        _ = await store.PutAsync(Name, new MemoryStream([1, 2]), CancellationToken.None);
        _ = await store.PutAsync(other, new MemoryStream([3]), CancellationToken.None);
        string url = store.GetReadUrl(Name);

        Assert.Equal([1, 2], await Http.GetByteArrayAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Get, url.Replace("x.mp4", "y.mp4")));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Put, url));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Delete, url));
        Assert.Equal("r", HttpUtility.ParseQueryString(new Uri(url).Query)["sp"]);
        Assert.Equal(store.Origin, new Uri(url).GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task CreateUrl_CreatesOnceAndDoesNothingElse()
    {
        AzureBlobStore store = await Stores.OpenAzureAsync();
        string url = store.GetCreateUrl(Name);

        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Put, url + "&comp=block&blockid=AAAA"));
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Put, url));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Put, url));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Get, url));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Delete, url));
        Assert.Equal("c", HttpUtility.ParseQueryString(new Uri(url).Query)["sp"]);
    }

    [Fact]
    public async Task Urls_AreGoodForTheirLifetime()
    {
        AzureBlobStore store = await Stores.OpenAzureAsync(addressMinutes: 0.05);
        _ = await store.PutAsync(Name, new MemoryStream([1]), CancellationToken.None);
        string url = store.GetReadUrl(Name);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, url));

        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Get, url));
    }

    [Fact]
    public async Task EverythingAsked_OfAStoreThatIsNotThere_IsATransientFault()
    {
        AzureBlobStore store = new(
            new AzureStoreOptions
            {
                ConnectionString =
                    $"DefaultEndpointsProtocol=http;AccountName=ffb;AccountKey={Convert.ToBase64String(new byte[32])};BlobEndpoint=http://127.0.0.1:1/ffb;",
            },
            TimeProvider.System
        );
        Func<Task>[] calls =
        [
            () => store.FindLengthAsync(Name, CancellationToken.None),
            () => store.OpenReadAsync(Name, CancellationToken.None),
            () => store.PutAsync(Name, new MemoryStream([1]), CancellationToken.None),
            () => store.DeleteAsync(Name, CancellationToken.None),
            async () =>
            {
                await foreach (BlobName _ in store.ListAsync("", CancellationToken.None)) { }
            },
        ];

        BlobStoreException[] faults = await Task.WhenAll(
            calls.Select(call => Assert.ThrowsAsync<BlobStoreException>(call))
        );

        Assert.All(faults, fault => Assert.Equal(("store-unreachable", true), (fault.Code, fault.IsTransient)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("BlobEndpoint=http://127.0.0.1:1/ffb;SharedAccessSignature=sv=2020&sig=SECRET")]
    public void Open_WithoutAKey_IsRefusedWithoutQuotingIt(string connection)
    {
        BlobStoreException refused = Assert.Throws<BlobStoreException>(() =>
            new AzureBlobStore(new AzureStoreOptions { ConnectionString = connection }, TimeProvider.System)
        );

        Assert.Equal("store-refused", refused.Code);
        Assert.DoesNotContain("SECRET", refused.ToString());
    }

    [Fact]
    public void Options_PrintedAreWithoutTheKey() =>
        Assert.DoesNotContain("KEY", new AzureStoreOptions { ConnectionString = "AccountKey=KEY" }.ToString());

    private static async Task<HttpStatusCode> SendAsync(HttpMethod method, string url)
    {
        using HttpRequestMessage request = new(method, url);
        if (method == HttpMethod.Put)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            request.Headers.Add("If-None-Match", "*");
            request.Content = new ByteArrayContent([9]);
        }

        using HttpResponseMessage answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }
}
