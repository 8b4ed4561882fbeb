namespace DataRig.Core;

/// <summary>
/// A failure that the user can understand and act on: the message is one or a few plain sentences that
/// say what, where, what was expected and what to do. Anything else that is thrown is a bug of ours.
/// </summary>
public abstract class DataRigException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The command line asks for what cannot be (exit code 2).</summary>
public class MisusedException(string message, Exception? cause = null) : DataRigException(message, cause);

/// <summary>The work could not be done, or a gate said no (exit code 1).</summary>
public class WorkFailedException(string message, Exception? cause = null) : DataRigException(message, cause);
