namespace DataRig.Tui.Models;

/// <summary>A panel above the screen that takes every key until it closes.</summary>
internal abstract class Modal
{
    public abstract string Title { get; }

    /// <summary>What it shows; the view wraps and scrolls it.</summary>
    public abstract IReadOnlyList<TextLine> Lines();

    /// <summary>The line of <see cref="Lines"/> to keep in sight; -1 for none.</summary>
    public virtual int Focus => -1;

    /// <summary>Whether it wants as much of the screen as there is.</summary>
    public virtual bool Tall => false;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Takes a key, by its name.</summary>
    public abstract void Press(string key);

    /// <summary>A click on one of its lines.</summary>
    public virtual void Click(int line)
    {
    }

    public void Close() => IsOpen = false;
}
