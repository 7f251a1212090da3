package runtime

// GOARCH is the architecture programs run on.
const GOARCH = "386"
