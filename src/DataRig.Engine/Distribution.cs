using System.Globalization;
using System.Text.Json;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Engine;

/// <summary>
/// A number, or what to draw it from. In JSON: <c>0.5</c>, <c>{"uniform": [low, high]}</c>,
/// <c>{"normal": [mean, deviation]}</c> (cut off at three deviations) or <c>{"choice": [a, b, ...]}</c>.
/// </summary>
public sealed record Distribution : IConfigurationValue<Distribution>, IConfigurationSpan
{
    private const double Cut = 3;

    private readonly Kind _kind;
    private readonly IReadOnlyList<double> _numbers;

    private Distribution(Kind kind, params IReadOnlyList<double> numbers)
    {
        _kind = kind;
        _numbers = numbers;
    }

    private enum Kind
    {
        Constant,
        Uniform,
        Normal,
        Choice,
    }

    /// <summary>The smallest number it can give.</summary>
    public double Low => _kind == Kind.Normal ? _numbers[0] - (Cut * _numbers[1]) : _numbers.Min();

    /// <summary>The largest number it can give.</summary>
    public double High => _kind == Kind.Normal ? _numbers[0] + (Cut * _numbers[1]) : _numbers.Max();

    /// <summary>What it gives on the average.</summary>
    public double Middle => _kind switch
    {
        Kind.Uniform => (_numbers[0] + _numbers[1]) / 2,
        Kind.Choice => _numbers.Average(),
        _ => _numbers[0],
    };

    /// <summary>Whether it is drawn from a range, each number as likely.</summary>
    public bool IsUniform => _kind == Kind.Uniform;

    public static implicit operator Distribution(double value) => Constant(value);

    public static Distribution Constant(double value) => new(Kind.Constant, value);

    public static Distribution Uniform(double low, double high) => new(Kind.Uniform, low, high);

    public static Distribution Normal(double mean, double deviation) => new(Kind.Normal, mean, deviation);

    public static Distribution Choice(params IReadOnlyList<double> values) => new(Kind.Choice, values);

    /// <summary>The number that belongs to a parameter's name at the draws' seed and index.</summary>
    public double Sample(Draws draws, string parameter) => _kind switch
    {
        Kind.Uniform => draws.Uniform(parameter, _numbers[0], _numbers[1]),
        Kind.Normal => Math.Clamp(draws.Normal(parameter, _numbers[0], _numbers[1]), Low, High),
        Kind.Choice => draws.Choose(parameter, _numbers),
        _ => _numbers[0],
    };

    public static bool TryRead(ConfigurationNode node, out Distribution? value, out string expected)
    {
        ArgumentNullException.ThrowIfNull(node);
        expected = "a number, {\"uniform\": [low, high]}, {\"normal\": [mean, deviation]} or {\"choice\": [a, b, ...]}";
        value = null;
        if (node.Type == JsonTokenType.Number)
        {
            value = Constant(Number(node));
            return true;
        }

        if (node.Members is not [var (key, _, list)] || list.Type != JsonTokenType.StartArray || list.Elements.Exists(e => e.Type != JsonTokenType.Number))
        {
            return false;
        }

        double[] numbers = [.. list.Elements.Select(Number)];
        value = (key, numbers) switch
        {
            ("uniform", [var low, var high]) when low <= high => Uniform(low, high),
            ("normal", [var mean, var deviation]) when deviation >= 0 => Normal(mean, deviation),
            ("choice", [_, ..]) => Choice(numbers),
            _ => null,
        };
        return value is not null;
    }

    private static double Number(ConfigurationNode node) => double.Parse(node.Text, CultureInfo.InvariantCulture);
}
