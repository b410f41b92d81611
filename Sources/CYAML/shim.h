#ifndef XMSAFE_CYAML_SHIM_H
#define XMSAFE_CYAML_SHIM_H

#include <yaml.h>

#endif
