using System.Text.Json;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests.Browsing;

/// <summary>Looks at a page on a phone and at a desk, in the light and in the dark: axe-core finds no violation, and a picture of each is kept.</summary>
public sealed class Inspection(Chromium chromium)
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("phone", 390, 844), ("desktop", 1280, 900)];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];
    private static readonly string Pictures = Path.Combine(Root(), "artifacts", "screenshots");

    /// <summary>Looks at what is shown now.</summary>
    public async Task InspectAsync(IPage page, string name)
    {
        Directory.CreateDirectory(Pictures);
        List<string> found = [];
        foreach (var (size, width, height) in Sizes)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in Schemes)
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{size}-{scheme}.png".ToLowerInvariant()), FullPage = true });
                found.AddRange((await ViolationsAsync(page, scheme == ColorScheme.Light ? null : "color-contrast")).Select(v => $"{name}, {size}, {scheme}: {v}"));
            }

            // Whoever must scroll sideways on a phone misses things.
            var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > width)
            {
                found.Add($"{name}, {size}: {wide} px wide");
            }
        }

        Assert.Empty(found);
    }

    /// <summary>What axe-core finds.</summary>
    /// <param name="page">Where.</param>
    /// <param name="rule">By this rule only: in another scheme nothing but the colours can be wrong. By default every one.</param>
    public async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, string? rule = null)
    {
        // Evaluated, not added as a script: the page's own policy lets no such script in.
        await page.EvaluateAsync(chromium.Axe);
        var violations = await page.EvaluateAsync<JsonElement>(
            "rule => axe.run(document, rule === null ? { resultTypes: ['violations'] } : { resultTypes: ['violations'], runOnly: [rule] }).then(r => r.violations)", rule);
        return
        [
            .. from violation in violations.EnumerateArray()
               from node in violation.GetProperty("nodes").EnumerateArray()
               select $"{violation.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()}: {node.GetProperty("failureSummary").GetString()}",
        ];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EmergencyStop.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("EmergencyStop.sln is in no folder above the tests.");
    }
}
