import SteelDefects

SystemCheck.main()
