import Engine
import Utils

/// Batches made ahead by threads and handed out in order.
struct PrefetchedBatches: BatchIterator {
  private let pipeline: OrderedPipeline<Batch>

  init(_ plan: BatchPlan, startingAt first: Int, threads: Int) {
    pipeline = OrderedPipeline(
      min(first, plan.batchCount)..<plan.batchCount, threads: threads, name: "loader"
    ) { try plan.batch($0) }
  }

  func next() throws -> Batch? { try pipeline.next() }
}
