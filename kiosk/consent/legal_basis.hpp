// SPDX-License-Identifier: EUPL-1.2
// Reading a cited norm just far enough to know which paragraph of which law it is, so that rules
// compare law and not spelling: "§ 50 SGB II", "§ 50 Abs. 1 Satz 2 SGB II" and "§§ 50, 51 SGB II"
// all cite paragraph 50 of SGB II. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace consent {

struct Citation {
    std::vector<std::string> paragraphs;  ///< "50", "18b"
    std::string law;                      ///< "SGB II", "AZRG", "DSGVO"
};

[[nodiscard]] Citation parse_citation(std::string_view text);

/// True if the norm already permits the transfer, so that nobody may be asked to consent to it
/// (LR-09): § 50 SGB II, § 69 SGB X, § 18b AZRG.
[[nodiscard]] bool permits_transfer(std::string_view citation);
/// True if it is a consent norm for health data: Art. 9 DSGVO or § 67b SGB X (LR-11).
[[nodiscard]] bool is_health_consent(std::string_view citation);
/// True if it is a statutory power to transmit: §§ 67d to 77 SGB X (LR-11).
[[nodiscard]] bool is_transmission_norm(std::string_view citation);

}  // namespace consent
