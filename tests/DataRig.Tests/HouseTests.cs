using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace DataRig.Tests;

/// <summary>Who may import whom, and where the native dependencies live.</summary>
public sealed class HouseTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DataRig.Core"] = ["System.IO.Hashing"],
        ["DataRig.Data"] = ["DataRig.Core", "CsvHelper", "Dapper", "Microsoft.Data.Sqlite", "Parquet.Net", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "YamlDotNet"],
        ["DataRig.Engine"] = ["DataRig.Core", "SharpGLTF.Core", "Silk.NET.OpenGL"],
        ["DataRig.Rig"] = ["DataRig.Core", "System.Device.Gpio", "System.IO.Ports"],
        ["DataRig.Learning"] = ["DataRig.Core", "DataRig.Data", "TorchSharp", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux", "Google.Protobuf"],
        ["DataRig"] = ["DataRig.Core", "DataRig.Data", "DataRig.Engine", "DataRig.Rig", "DataRig.Learning", "Spectre.Console", "System.CommandLine", "Terminal.Gui"],
    };

    [Fact]
    public void No_project_imports_what_the_design_does_not_name()
    {
        string[] projects = Directory.GetFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories);

        Assert.Equal(Allowed.Keys.Order(), projects.Select(p => Path.GetFileNameWithoutExtension(p)).Order());
        foreach (string project in projects)
        {
            string[] references =
            [
                .. XDocument.Load(project).Descendants()
                    .Where(e => e.Name.LocalName is "ProjectReference" or "PackageReference")
                    .Select(e => (string)e.Attribute("Include")!)
                    .Select(i => i.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(i) : i),
            ];
            Assert.Empty(references.Except(Allowed[Path.GetFileNameWithoutExtension(project)]));
        }
    }

    [Fact]
    public void Every_package_version_is_pinned_exactly()
    {
        IEnumerable<string> versions = XDocument.Load(Path.Combine(Root(), "Directory.Packages.props")).Descendants("PackageVersion").Select(e => (string)e.Attribute("Version")!);

        Assert.All(versions, v => Assert.Matches(@"^\d+(\.\d+)+$", v));
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
