# frozen_string_literal: true

Gem::Specification.new do |gem|
  gem.name = 'atk'
  gem.version = '0.1.0'
  gem.summary = 'Installs, pins and upgrades the tools around AI-assisted development'
  gem.authors = ['The ATK authors']
  gem.license = 'Apache-2.0'
  gem.homepage = 'https://github.com/Svtoo/atk'
  gem.required_ruby_version = '>= 3.1'
  gem.platform = Gem::Platform.local
  gem.files = Dir['lib/**/*']
  gem.add_dependency 'ffi', '~> 1.15'
end
