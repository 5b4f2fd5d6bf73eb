public import Cells
public import EventLog
public import Experiments

/// Everything that can happen to a dashboard. Nothing else changes its state.
public enum Message: Sendable {
  case input(InputEvent)
  /// Seconds since 1970.
  case time(Double)
  /// The data sets that are at hand.
  case dataSets(Set<DataSetKind>)
  /// The runs that there are now.
  case runs([RunListing])
  /// What a run's log had to say.
  case log(run: String, Poll)
  /// All of a run's log, which was asked for.
  case recorded(run: String, Recording)
  /// Bytes of logs that are still to be read.
  case unread(Int)
  /// A worker has been started for the run.
  case started(run: String)
  /// What the user asked for has been done.
  case done(String)
  /// The worker that was to train a run has failed: one line. The run is empty where it came to none.
  case lost(run: String, String)
  /// Something else did not work: one line.
  case failed(String)
}

/// A run as a listing of the experiments' folder gives it.
public struct RunListing: Sendable, Equatable {
  /// The run directory, which identifies the run.
  public var path: String
  public var experiment: String
  /// Empty for a log that is no run of an experiment.
  public var id: String
  /// nil where it cannot be read.
  public var status: RunStatus?
  /// With a process that is gone told from one that runs.
  public var state: RunStatus.EffectiveState?
  /// Seconds after 1970 at which it began; nil where that is not known yet.
  public var began: Int?

  public init(
    path: String, experiment: String, id: String, status: RunStatus?,
    state: RunStatus.EffectiveState?, began: Int? = nil
  ) {
    self.began = began
    self.path = path
    self.experiment = experiment
    self.id = id
    self.status = status
    self.state = state
  }
}

extension RunListing {
  /// `first-run/20260921-133320`
  var name: String { id.isEmpty ? experiment : "\(experiment)/\(id)" }

  /// What a sweep's runs of different seeds are all called: `plain` for `plain_seed-1`.
  var idWithoutSeed: String {
    id.replacing(/(^|_)seed-\d+(?=_|$)/, with: "").trimmingPrefix("_").description
  }
}

/// What the dashboard wants done outside of it.
public enum Effect: Sendable, Equatable {
  /// Start a training in a process of its own, with what another run has learned if there is a fork.
  case start(Experiment, from: Fork? = nil)
  /// Start a training when all others have ended.
  case enqueue(Experiment, from: Fork? = nil)
  /// Go on with a run that has no worker.
  case resume(run: String)
  /// Ask the run's worker to stop.
  case stop(run: String)
  /// Send the run's worker a message.
  case control(run: String, ControlMessage)
  /// Remove a run with its files.
  case delete(run: String)
  /// Write words about a run without a worker into its log.
  case annotate(run: String, RunAnnotation)
  /// Read all of a run's log, to look at the run as it was.
  case record(run: String)
  /// Put text into the terminal's clipboard.
  case copy(String)
  case suspend
  case quit
}
