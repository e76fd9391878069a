import ResidualNetwork
import Runner

Runner.train(residualNetworkCatalog)
