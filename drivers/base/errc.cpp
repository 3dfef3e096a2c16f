// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/errc.hpp"

#include "drivers/base/check.hpp"

namespace base {
namespace {

struct Row {
    Errc code;
    std::string_view name;
    Recovery recovery;
};

constexpr Row rows[] = {
#define X(name, number, recovery) {Errc::name, #name, Recovery::recovery},
#include "drivers/base/errc.def"
#undef X
};

constexpr Errc codes[] = {
#define X(name, number, recovery) Errc::name,
#include "drivers/base/errc.def"
#undef X
};

const Row& find(Errc code) {
    for (const Row& row : rows) {
        if (row.code == code) return row;
    }
    CHECK(false);
    return rows[0];
}

}  // namespace

std::string_view name(Errc code) {
    return find(code).name;
}
std::optional<Errc> errc_of(std::uint16_t number) {
    for (const Errc each : all_errc()) {
        if (static_cast<std::uint16_t>(each) == number) return each;
    }
    return std::nullopt;
}

Recovery recovery(Errc code) {
    return find(code).recovery;
}
std::span<const Errc> all_errc() {
    return codes;
}

}  // namespace base
