using Orleans;
using Orleans.Runtime;
using Orleans.Solo;
using Orleans.Storage;

namespace EmergencyStop.SoloSilo.Tests.Storage;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId Id = GrainId.Parse("thing/1");

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(_folder, "grains.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task State_SurvivesReopening()
    {
        var written = new GrainState<Thing>(new Thing { Label = Label.Parse("a"), Shape = new Shape.Circle(2.5m) });
        await using (var storage = new SqliteGrainStorage(File))
        {
            await storage.WriteStateAsync("state", Id, written);
        }

        await using var reopened = new SqliteGrainStorage(File);
        var read = new GrainState<Thing>();
        await reopened.ReadStateAsync("state", Id, read);

        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal((Label.Parse("a"), new Shape.Circle(2.5m)), (read.State.Label, read.State.Shape));
        Assert.Equal(["kept"], read.State.Defaulted);
    }

    [Fact]
    public async Task Write_UnderAStaleEtag_ChangesNothing()
    {
        await using var storage = new SqliteGrainStorage(File);
        var first = new GrainState<Thing>(new Thing { Label = Label.Parse("a") });
        await storage.WriteStateAsync("state", Id, first);
        var rival = new GrainState<Thing>(new Thing { Label = Label.Parse("b") });

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Id, rival));

        Assert.Equal((first.ETag, null), (error.StoredEtag, error.CurrentEtag));
        await storage.ReadStateAsync("state", Id, rival);
        Assert.Equal("a", rival.State.Label.Value);
    }

    [Fact]
    public async Task Clear_KeepsAnOldEtagFromComingBack()
    {
        await using var storage = new SqliteGrainStorage(File);
        var state = new GrainState<Thing>(new Thing());
        await storage.WriteStateAsync("state", Id, state);
        var old = state.ETag;
        await storage.ClearStateAsync("state", Id, state);
        Assert.False(state.RecordExists);
        await storage.WriteStateAsync("state", Id, state);

        Assert.NotEqual(old, state.ETag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Id, new GrainState<Thing>(new Thing(), old)));
    }

    [Fact]
    public async Task ManyWritesAtOnce_AllArrive_AndOfRivalsOneWins()
    {
        await using var storage = new SqliteGrainStorage(File);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            storage.WriteStateAsync("state", GrainId.Create("other", $"{i}"), new GrainState<Thing>(new Thing()))));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Record.ExceptionAsync(() => storage.WriteStateAsync("state", Id, new GrainState<Thing>(new Thing())))));

        Assert.Equal(19, outcomes.Count(outcome => outcome is InconsistentStateException));
        Assert.Single(outcomes, outcome => outcome is null);
    }

    [GenerateSerializer, Immutable, Alias("label")]
    public readonly record struct Label
    {
        private Label(string value) => Value = value;

        [Id(0)]
        public string Value { get; }

        public static Label Parse(string text) => new(text);
    }

    [GenerateSerializer, Alias("shape")]
    public abstract record Shape
    {
        private Shape()
        {
        }

        [GenerateSerializer, Alias("circle")]
        public sealed record Circle([property: Id(0)] decimal Radius) : Shape;
    }

    [GenerateSerializer, Alias("thing")]
    public sealed class Thing
    {
        [Id(0)]
        public Label Label { get; set; }

        [Id(1)]
        public Shape? Shape { get; set; }

        [Id(2)]
        public List<string> Defaulted { get; private set; } = ["kept"];
    }
}
