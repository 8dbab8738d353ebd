using System.Text.RegularExpressions;
using k8s.Models;

namespace EmergencyStop.Tidy.Tests;

/// <summary>The manifests say what the service understands, and give it no more than it needs.</summary>
public sealed partial class ManifestTests
{
    private static readonly string SiloCommand = Checkout.Read("src/Silo/CommandLine/SiloCommand.cs");
    private static readonly string Deployment = Checkout.Read("docs/deployment.md");

    public static TheoryData<string> Sets => [.. Manifests.Sets.Select(s => s.Metadata.Name)];

    [Fact]
    public void Files_HoldOnlyWhatKubernetesHas_InTheOrderInWhichItIsApplied()
    {
        Assert.IsType<V1Namespace>(Manifests.All[0]);
        Assert.Equal(["estop-silo", "estop-gateway"], Manifests.Sets.Select(s => s.Metadata.Name));
        Assert.Throws<YamlDotNet.Core.YamlException>(() => Manifests.Parse("apiVersion: v1\nkind: Namespace\nmetadata: {nmae: estop}\n").ToArray());
    }

    [Fact]
    public void Objects_AreInTheOneNamespace() => Assert.All(
        Manifests.All.OfType<k8s.IKubernetesObject<V1ObjectMeta>>().Where(o => o is not V1Namespace), o => Assert.Equal("estop", o.Metadata.NamespaceProperty));

    [Fact]
    public void Variables_AreSettingsOfTheService()
    {
        var named = Manifests.Shared.Keys.Concat(Manifests.Sets.SelectMany(s => Manifests.Container(s).Env.Select(e => e.Name)))
            .Concat(Manifests.Files.SelectMany(f => Remark().Matches(Checkout.Read(f)).Select(m => m.Groups[1].Value)));
        Assert.Empty(named.Where(n => !Manifests.IsSetting(n)));
        Assert.False(Manifests.IsSetting("Cluster__AdvertisedAdress"));
    }

    [Fact]
    public void Secrets_AreNamed_AndNeverWritten()
    {
        Assert.Empty(Manifests.All.OfType<V1Secret>());
        Assert.Empty(Manifests.Shared.Keys.Where(Manifests.IsSecret));
        Assert.Empty(Manifests.Sets.SelectMany(s => Manifests.Container(s).Env).Where(e => Manifests.IsSecret(e.Name) && e.Value is not null).Select(e => e.Name));
        Assert.Contains(Manifests.Sets.SelectMany(s => Manifests.Container(s).Env), e => Manifests.IsSecret(e.Name) && e.ValueFrom.SecretKeyRef is not null);
        var named = Manifests.Sets.SelectMany(s => Manifests.Container(s).Env.Select(e => e.ValueFrom?.SecretKeyRef?.Name).Concat(s.Spec.Template.Spec.Volumes.Select(v => v.Secret?.SecretName)));
        Assert.Empty(named.OfType<string>().Distinct().Where(n => !Deployment.Contains($"`{n}`", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Arguments_AreOptionsOfTheProgram(string set)
    {
        var given = Manifests.Container(Set(set)).Args;
        Assert.Empty(given.Where(a => a.StartsWith("--", StringComparison.Ordinal) && !SiloCommand.Contains($"\"{a}\"", StringComparison.Ordinal)));
        Assert.Contains("--wait-for-ledger", given);
        Assert.Equal(set["estop-".Length..], given[given.IndexOf("--role") + 1]);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Data_IsOnAVolumeThatOutlivesThePod(string set)
    {
        var pods = Set(set);
        var folder = Manifests.Container(pods).Args[Manifests.Container(pods).Args.IndexOf("--data") + 1];
        var mount = Assert.Single(Manifests.Container(pods).VolumeMounts, m => m.MountPath == folder);
        Assert.Contains(pods.Spec.VolumeClaimTemplates, c => c.Metadata.Name == mount.Name);
        Assert.Null(pods.Spec.PersistentVolumeClaimRetentionPolicy); // What Kubernetes does unless told: the claims stay.
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Probes_AskForWhatIsThere(string set)
    {
        var container = Manifests.Container(Set(set));
        var source = Checkout.Read("src/Api/Health/HealthEndpoints.cs");
        V1Probe[] probes = [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe];
        Assert.All(probes, probe =>
        {
            var path = probe.HttpGet.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains($"Base = \"/{path[0]}\"", source, StringComparison.Ordinal);
            Assert.Contains($"MapGet(\"{path[1]}\"", source, StringComparison.Ordinal);
            var port = Assert.Single(container.Ports, p => p.Name == probe.HttpGet.Port.Value);
            var listens = container.Args.Concat(container.Env.Select(e => e.Value)).OfType<string>().Single(u => u.StartsWith("http", StringComparison.Ordinal) && u.EndsWith($":{port.ContainerPort}", StringComparison.Ordinal));
            Assert.Equal(listens.StartsWith("https", StringComparison.Ordinal), probe.HttpGet.Scheme == "HTTPS");
        });
        Assert.All([container.StartupProbe, container.ReadinessProbe], p => Assert.Equal("/health/ready", p.HttpGet.Path));
        Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path); // Ready may fail for long: a restart would mend nothing.
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Pods_MayDoNothingButRun(string set)
    {
        var pod = Set(set).Spec.Template.Spec;
        var container = Manifests.Container(Set(set));
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(pod.SecurityContext.RunAsUser > 0);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Null(container.SecurityContext.Capabilities.Add);
        Assert.Contains("memory", container.Resources.Limits.Keys);
        Assert.DoesNotContain("cpu", container.Resources.Limits.Keys); // A silo that is held back misses its probes.
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Pods_GoOneByOne_AndStandApart(string set)
    {
        var pods = Set(set);
        Assert.Equal(set == "estop-silo" ? 3 : 2, pods.Spec.Replicas);
        Assert.Equal("RollingUpdate", pods.Spec.UpdateStrategy.Type);
        Assert.True(pods.Spec.MinReadySeconds > 0);
        Assert.True(pods.Spec.Template.Spec.TerminationGracePeriodSeconds >= 45);
        Assert.Equal("kubernetes.io/hostname", Assert.Single(pods.Spec.Template.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution).TopologyKey);
        var budget = Assert.Single(Manifests.All.OfType<V1PodDisruptionBudget>(), b => b.Metadata.Name == set);
        Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        Assert.Equal(pods.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels);
        Assert.All(pods.Spec.Selector.MatchLabels, label => Assert.Equal(label.Value, pods.Spec.Template.Metadata.Labels[label.Key]));
        Assert.Contains(Manifests.All.OfType<V1Service>(), s => s.Metadata.Name == pods.Spec.ServiceName && s.Spec.ClusterIP == "None");
    }

    private static V1StatefulSet Set(string name) => Manifests.Sets.Single(s => s.Metadata.Name == name);

    /// <summary>A setting in a remark, for whoever wants it: <c># Cluster__TlsKeyFile: …</c></summary>
    [GeneratedRegex(@"^\s*# ([A-Z]\w+__\w+): ", RegexOptions.Multiline)]
    private static partial Regex Remark();
}
