// SPDX-License-Identifier: EUPL-1.2
// Which failures begin a transaction anew, and how often.
#include "sync/backend/store/retry.hpp"

#include <doctest/doctest.h>

using backend::sqlstate;
using backend::with_retries;

namespace {

base::Error conflict(const char* state) {
    return {base::Errc::busy, "test", sqlstate(state)};
}

/// Fails `failures` times with `error`, then succeeds. returns  how often it was called.
unsigned calls(unsigned failures, const base::Error& error, bool& ended_well) {
    unsigned count = 0;
    const auto result = with_retries([&]() -> base::Result<int> {
        if (++count <= failures) return tl::unexpected(error);
        return 7;
    });
    ended_well = result.has_value() && *result == 7;
    if (!result) CHECK(result.error().detail == error.detail);
    return count;
}

}  // namespace

TEST_CASE("retry: a conflict begins anew, a bounded number of times") {
    bool well = false;
    CHECK(calls(0, conflict("40001"), well) == 1);
    CHECK(well);
    CHECK(calls(3, conflict("40001"), well) == 4);
    CHECK(well);
    CHECK(calls(limits::conflict_attempts_max - 1, conflict("40P01"), well) ==
          limits::conflict_attempts_max);
    CHECK(well);
    CHECK(calls(100, conflict("40001"), well) == limits::conflict_attempts_max);
    CHECK_FALSE(well);
}

TEST_CASE("retry: every other failure is passed on at once") {
    bool well = false;
    CHECK(calls(1, conflict("55P03"), well) == 1);
    CHECK(calls(1, {base::Errc::busy, "test", 5}, well) == 1);
    CHECK(calls(1, {base::Errc::journal_io, "test", sqlstate("40001")}, well) == 1);
    CHECK_FALSE(well);
}

TEST_CASE("retry: an SQLSTATE is one number") {
    CHECK(sqlstate("00000") == 0);
    CHECK(sqlstate("0000Z") == 35);
    CHECK(sqlstate("ZZZZZ") == 36U * 36 * 36 * 36 * 36 - 1);
    CHECK(sqlstate("40001") != sqlstate("40P01"));
}
