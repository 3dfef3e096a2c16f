// SPDX-License-Identifier: EUPL-1.2
// Files of an evidence bundle from anybody: bounded, and what is read says what was written.
#include "drivers/base/check.hpp"
#include "drivers/base/limits_evidence.hpp"
#include "sync/backend/evidence/bundle.hpp"
#include "sync/receipts/log_proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    if (const auto proof = receipts::parse_log_proof(text)) CHECK(to_text(*proof) == text);
    if (const auto about = backend::parse_about(text)) CHECK(about->records > 0);
    const auto effects = backend::parse_effects(text);
    if (effects) CHECK(effects->records.size() <= limits::evidence_records_max);
    return 0;
}
