using System.Drawing;
using System.Globalization;
using DataRig.Tui.Models;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace DataRig.Tui.Views;

/// <summary>Curves over a common axis, each in its tone, with a legend above.</summary>
internal sealed class ChartPanel : Panel
{
    private readonly Func<IReadOnlyList<Curve>> _curves;
    private readonly string _empty;
    private readonly GraphView _graph = new() { Y = 1, Width = Dim.Fill(), Height = Dim.Fill(), CanFocus = false };

    /// <param name="title">The frame's title.</param>
    /// <param name="curves">What is drawn.</param>
    /// <param name="empty">What to say where there is nothing yet.</param>
    public ChartPanel(string title, Func<IReadOnlyList<Curve>> curves, string empty)
        : base(title)
    {
        (_curves, _empty) = (curves, empty);
        (_graph.MarginLeft, _graph.MarginBottom) = (6, 2);
        _graph.AxisX.ShowLabelsEvery = 1;
        _graph.AxisY.ShowLabelsEvery = 1;
        Add(_graph);
    }

    protected override object Shown()
    {
        IReadOnlyList<Curve> curves = _curves();
        string state = string.Join('|', curves.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Points.Count} {(c.Points.Count > 0 ? c.Points[^1].Y : 0)}")));
        return (state, Theme.Name, Viewport.Size);
    }

    protected override void Draw(int width, int height)
    {
        IReadOnlyList<Curve> curves = _curves();
        if (curves.Count == 0)
        {
            Write(0, 0, new TextLine(_empty, Tone.Quiet), width);
            return;
        }

        TextLine legend = new([.. curves.SelectMany(c => new[] { new Piece("━ ", c.Tone), new Piece(c.Name + "  ", Tone.Quiet) })]);
        Write(0, 0, legend.Wrap(width).First(), width);
    }

    protected override void Change()
    {
        IReadOnlyList<Curve> curves = _curves();
        _graph.Visible = curves.Count > 0 && Viewport is { Height: > 5, Width: > 12 };
        if (_graph.Visible)
        {
            Arrange(curves, Viewport.Width, Viewport.Height - 1);
            _graph.SetNeedsDraw();
        }
    }

    /// <summary>Fits the axes to the curves: epochs from 1 across, losses from 0 up.</summary>
    private void Arrange(IReadOnlyList<Curve> curves, int width, int height)
    {
        float columns = width - _graph.MarginLeft, rows = height - _graph.MarginBottom;
        double right = Math.Max(2, curves.Max(c => c.Points.Max(p => p.X))), top = Math.Max(1e-6, curves.Max(c => c.Points.Max(p => p.Y)) * 1.05);
        _graph.Reset();
        _graph.GraphColor = Theme[Tone.Quiet];
        _graph.CellSize = new PointF((float)((right - 0.5) / columns), (float)(top / rows));
        _graph.ScrollOffset = new PointF(0.5f, 0);
        _graph.AxisX.Increment = Step(right / Math.Max(2, columns / 8), whole: true);
        _graph.AxisY.Increment = Step(top / Math.Max(2, rows / 3), whole: false);
        _graph.AxisX.ShowLabelsEvery = _graph.AxisY.ShowLabelsEvery = 1;
        _graph.AxisX.LabelGetter = i => i.Value >= 1 ? i.Value.ToString("0", CultureInfo.InvariantCulture) : "";
        _graph.AxisY.LabelGetter = i => i.Value.ToString("0.00", CultureInfo.InvariantCulture);
        foreach (Curve curve in curves)
        {
            _graph.Series.Add(new DottedLine(curve.Points, Theme[curve.Tone]));
        }
    }

    /// <summary>The least of 1, 2, 5 and their tenfolds that is not smaller.</summary>
    private static float Step(double least, bool whole)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 1e-9))));
        double step = new[] { 1, 2, 5, 10 }.Select(f => f * power).First(s => s >= least * 0.999);
        return (float)(whole ? Math.Max(1, Math.Round(step)) : step);
    }

    /// <summary>A line through points in the dots of Braille's cells: two across, four down.</summary>
    private sealed class DottedLine(IReadOnlyList<(double X, double Y)> points, Attribute attribute) : ISeries
    {
        private static readonly int[,] Bits = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

        public void DrawSeries(GraphView graph, Rectangle drawBounds, RectangleF graphBounds)
        {
            Dictionary<(int X, int Y), int> cells = [];
            for (int i = 0; i < points.Count; i++)
            {
                (double x0, double y0) = Dot(points[Math.Max(0, i - 1)]);
                (double x1, double y1) = Dot(points[i]);
                int steps = (int)Math.Max(1, Math.Ceiling(Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0))));
                for (int step = 0; step <= steps; step++)
                {
                    int x = (int)(x0 + ((x1 - x0) * step / steps)), y = (int)(y0 + ((y1 - y0) * step / steps));
                    if (x >= 0 && y >= 0 && x < drawBounds.Width * 2 && y < drawBounds.Height * 4)
                    {
                        (int, int) cell = (x / 2, y / 4);
                        cells[cell] = cells.GetValueOrDefault(cell) | Bits[x % 2, y % 4];
                    }
                }
            }

            graph.SetAttribute(attribute);
            foreach (((int x, int y), int bits) in cells)
            {
                graph.AddStr(drawBounds.X + x, drawBounds.Y + y, ((char)(0x2800 + bits)).ToString());
            }

            (double X, double Y) Dot((double X, double Y) point) => (
                (point.X - graphBounds.X) / graphBounds.Width * drawBounds.Width * 2,
                (1 - ((point.Y - graphBounds.Y) / graphBounds.Height)) * ((drawBounds.Height * 4) - 1));
        }
    }
}
