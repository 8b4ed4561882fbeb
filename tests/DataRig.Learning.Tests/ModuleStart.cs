using System.Runtime.CompilerServices;
using TorchSharp;

namespace DataRig.Learning.Tests;

internal static class ModuleStart
{
    [ModuleInitializer]
    internal static void LoadTorch()
    {
        TorchRuntime.Initialize();
        // The networks here are tiny: a second thread would mostly wait for the first.
        torch.set_num_threads(1);
    }
}
