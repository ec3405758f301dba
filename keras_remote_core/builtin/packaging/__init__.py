"""The core's packager: cloudpickle of the call, plus the source tree."""
