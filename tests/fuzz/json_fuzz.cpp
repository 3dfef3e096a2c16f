// SPDX-License-Identifier: EUPL-1.2
// Our reader of JSON text (simdjson) against nlohmann's, which takes a zero byte for the end and a
// whole number beyond 64 bits as a rounded one.
#include "drivers/base/check.hpp"
#include "sync/model/json_reader.hpp"

namespace {

bool has_long_number(std::string_view text) {
    std::size_t digits = 0;
    for (const char c : text) {
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        if (digits == 19) return true;
    }
    return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    const auto ours = model::read_json(text);
    const bool zero = text.find('\0') != text.npos;
    const auto theirs = model::Json::parse(text.begin(), text.end(), nullptr, false);
    if (ours) CHECK(!zero && *ours == theirs && ours->dump() == theirs.dump());
    if (!ours && !zero && !has_long_number(text) && std::string_view("json") == ours.error().where)
        CHECK(theirs.is_discarded());
    return 0;
}
