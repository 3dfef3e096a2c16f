// SPDX-License-Identifier: EUPL-1.2
// What an operator hands to the backend: names of authorities and entries, their secrets,
// addresses.
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/service/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    backend::Directory directory;
    (void)directory.add_authorities(text).has_value();
    (void)directory.add_names(text).has_value();
    (void)backend::parse_address(text).has_value();
    (void)backend::parse_role(text).has_value();
    return 0;
}
