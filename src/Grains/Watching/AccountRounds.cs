using System.Collections.Concurrent;
using EmergencyStop.Ids;

namespace EmergencyStop.Grains.Watching;

/// <summary>Does something for many users again and again, so that a slow one delays only itself.</summary>
/// <param name="window">How many at once.</param>
internal sealed class AccountRounds(int window) : IDisposable
{
    private readonly ConcurrentDictionary<UserId, Task> _underWay = new();
    private readonly SemaphoreSlim _places = new(window, window);

    /// <summary>Starts a round; whoever's last round still goes on is left out. Returns once everybody has been started.</summary>
    /// <param name="users">For whom.</param>
    /// <param name="act">What; must not throw.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    public async Task StartAsync(IEnumerable<UserId> users, Func<UserId, Task> act, CancellationToken cancellationToken)
    {
        foreach (var user in users)
        {
            if (_underWay.ContainsKey(user))
            {
                continue;
            }

            await _places.WaitAsync(cancellationToken);
            _underWay[user] = Task.CompletedTask;
            _ = RunAsync(user, act); // Observes every exception itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task RunAsync(UserId user, Func<UserId, Task> act)
    {
        try
        {
            await act(user);
        }
        finally
        {
            _underWay.TryRemove(user, out _);
            _places.Release();
        }
    }
}
