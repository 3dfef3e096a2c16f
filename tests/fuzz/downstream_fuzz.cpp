// SPDX-License-Identifier: EUPL-1.2
// What comes down: roots, manifests and deltas. What parses can be written and parsed again.
#include "drivers/base/check.hpp"
#include "sync/downstream/backend_file.hpp"
#include "sync/downstream/configuration.hpp"
#include "sync/downstream/delta.hpp"
#include "sync/downstream/log_file.hpp"
#include "sync/downstream/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView bytes(data, size);
    if (const auto root = downstream::parse_root(bytes))
        CHECK(downstream::parse_root(base::as_bytes(downstream::write_root(*root))));
    if (const auto list = downstream::parse_manifest(bytes))
        CHECK(downstream::parse_manifest(base::as_bytes(downstream::write_manifest(*list))));
    (void)downstream::parse_configuration(base::as_text(bytes)).has_value();
    (void)downstream::parse_backend_file(base::as_text(bytes)).has_value();
    (void)downstream::parse_log_file(base::as_text(bytes)).has_value();
    (void)downstream::open_root(base::as_text(bytes)).has_value();
    (void)downstream::apply_delta(bytes.first(size / 2), bytes.subspan(size / 2), 4'096)
        .has_value();
    return 0;
}
