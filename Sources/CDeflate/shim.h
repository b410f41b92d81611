#ifndef XMSAFE_CDEFLATE_SHIM_H
#define XMSAFE_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
