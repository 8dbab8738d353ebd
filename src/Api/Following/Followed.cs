namespace EmergencyStop.Api.Following;

/// <summary>What can be followed.</summary>
/// <param name="ReadAsync">A page after an id.</param>
/// <param name="NewsAsync">Done once there may be something after an id.</param>
/// <param name="Show">How one of it stands in the stream.</param>
/// <param name="Mark">How <c>ready</c> and <c>gone</c> stand in it, which are about the stream: at which id, and which of them.</param>
internal sealed record Followed<T>(
    Func<long, CancellationToken, Task<FollowedPage<T>>> ReadAsync,
    Func<long, CancellationToken, Task> NewsAsync,
    Func<T, ShownEvent> Show,
    Func<long, string, ShownEvent> Mark);

/// <summary>A page of what is followed.</summary>
/// <param name="Items">Those that match, by id.</param>
/// <param name="Through">The id up to which was looked.</param>
/// <param name="Oldest">The oldest id that is kept.</param>
/// <param name="Last">The newest id.</param>
internal sealed record FollowedPage<T>(IReadOnlyList<T> Items, long Through, long Oldest, long Last);

/// <summary>One event of a stream.</summary>
/// <param name="Id">Its id, by which a follower resumes.</param>
/// <param name="Name">Its name.</param>
/// <param name="Json">Its data.</param>
internal sealed record ShownEvent(long Id, string Name, string Json);
