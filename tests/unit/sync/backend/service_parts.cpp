// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/backend/service_parts.hpp"

#include "drivers/base/check.hpp"

namespace test {

ServiceParts::ServiceParts() {
    CHECK(directory.add_authorities(directory_json).has_value());
    CHECK(directory.add_names(R"({"entries":{"JBA-03":"Hilfe-Verlauf"}})").has_value());
    enrol(*store, terminal);
}

}  // namespace test
