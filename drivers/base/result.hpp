// SPDX-License-Identifier: EUPL-1.2
// Result<T>: the return type of everything that can fail in an expected way, and TRY to pass a
// failure on. Derived from tl::expected only to be [[nodiscard]]; std::expected replaces it by
// editing this header. Pure, any thread.
#pragma once

#include <cstdint>
#include <tl/expected.hpp>

#include "drivers/base/errc.hpp"

namespace base {

struct Error {
    Errc code;
    const char* where;         ///< step name with static lifetime, never user data
    std::uint32_t detail = 0;  ///< SW1SW2, PC/SC, SQLite, mbedTLS or errno value; 0 = none
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
};

/// Builds the failure side of a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, const char* where,
                                                std::uint32_t detail = 0) {
    return tl::unexpected<Error>(Error{code, where, detail});
}

}  // namespace base

/// Evaluates `expr`; on failure returns it from this function, else binds the value to `name`.
#define TRY(name, expr)                                               \
    auto name##_result = (expr);                                      \
    if (!name##_result) return tl::unexpected(name##_result.error()); \
    auto& name = *name##_result
/// The same for an expression whose value is not needed.
#define TRY_VOID(expr)                                                                        \
    do {                                                                                      \
        if (auto try_result = (expr); !try_result) return tl::unexpected(try_result.error()); \
    } while (false)
