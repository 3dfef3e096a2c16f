// SPDX-License-Identifier: EUPL-1.2
// Our reader of JSON text against nlohmann's, which takes a zero byte for the end.
#include "drivers/base/check.hpp"
#include "sync/model/json_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    const auto ours = model::read_json(text);
    const bool zero = text.find('\0') != text.npos;
    const auto theirs = model::Json::parse(text.begin(), text.end(), nullptr, false);
    if (ours) CHECK(!zero && *ours == theirs && ours->dump() == theirs.dump());
    if (!ours && !zero && std::string_view("json") == ours.error().where)
        CHECK(theirs.is_discarded());
    return 0;
}
