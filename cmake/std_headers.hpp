// SPDX-License-Identifier: EUPL-1.2
// What nearly every file includes for itself, read once a build (cmake/freigabe.cmake). Nothing of
// ours: an edit must not compile the tree anew. nlohmann/json would cost the other files more to
// load than it saves its own.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>
