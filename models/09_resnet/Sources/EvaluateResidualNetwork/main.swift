import ResidualNetwork
import Runner

Runner.evaluate(residualNetworkCatalog)
